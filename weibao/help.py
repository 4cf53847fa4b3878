"""A few sentences beside each page: what it is for, and what to do on it. By endpoint, else by its blueprint."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

EVERYWHERE = (
    _l("The key / goes to the search. Tab moves on, Enter opens, Esc closes this panel."),
    _l("Language, light or dark display and your account stand at the top of every page."),
)
HELP: dict[str, tuple[LazyString, ...]] = {
    "desk": (
        _l("What waits for you today. Each number leads to the list behind it."),
        _l("A new station finds here the way to its first roster, step by step."),
    ),
    "search": (
        _l("One search over people, villages and homes, activities and case codes."),
        _l("What you opened lately stands here while no word is entered; it is forgotten when you log out."),
    ),
    "mine": (
        _l("Where you go, when, with whom and what for. New, changed and cancelled duties are marked."),
        _l("The calendar address brings your duties onto your phone. It is shown once; make a new one if it is lost."),
    ),
    "subscriptions": (
        _l("A secret address that a calendar asks for changes, by itself, every hour or so."),
        _l("It is shown once. If it is lost or got into wrong hands, make a new one: the old one stops at once."),
    ),
    "inbox": (
        _l("What has been told to you: new, changed and cancelled duties, requests to step in."),
        _l("Opening a message marks it as read."),
    ),
    "places": (
        _l("Places at activities that nobody has yet. Those that fit you come first."),
        _l("Who works with children needs a valid check; ask the station if yours has run out."),
    ),
    "exchange": (
        _l("Who wants to give a duty back, who would step in, who asks for an open place."),
        _l("Only people with a valid check and the right skills can be chosen."),
        _l("Who fits but has no account cannot be asked by a message: their telephones stand beside the search."),
    ),
    "arrangements": (
        _l("How people may take places and give them back, and until when."),
        _l("The county's deadlines hold in every township; a station may set its own for declining."),
    ),
    "village": (
        _l("Who comes to your village and when, which visits are due, and when the home is open."),
        _l("Record a visit as soon as it has been made: the next one falls due from that day."),
        _l("Without a network a record is kept on this phone and sent later; logging out removes what is kept."),
    ),
    "county_files": (
        _l("One child's file, for a case that needs it: by its case code, with purpose and reason."),
        _l("The township reads who opened it, when and why. Name, number, address and phone stay with the township."),
    ),
    "county": (
        _l("One line for each township. Numbers under five are not shown in a village, so that no child can be told."),
        _l("Click a township for its villages."),
    ),
    "glance": (
        _l("The whole county in one month: choose an indicator; map, table and trend show it."),
        _l(
            "A comparison sets townships beside each other over months, as counts or against their children or workers."
        ),
        _l("Every page can be printed or taken as an Excel file, with what each number means."),
    ),
    "people": (
        _l("Everybody who makes visits or helps at activities, with skills, limits and the yearly check."),
        _l(
            "Without a valid check nobody is planned for work with children (Law on the Protection of Minors, art. 62)."
        ),
        _l("Somebody who stops is made inactive, not deleted: what was done stays recorded."),
    ),
    "availability": (
        _l("The week says when somebody is usually free; an exception says when it is otherwise."),
        _l("An end at 00:00 is midnight. A row without times is dropped when you save."),
        _l(
            "Wishes weigh a little in every plan and forbid nothing; a skill counts once the station has taken it over."
        ),
    ),
    "availability_requests": (
        _l("Ask volunteers for a coming period. Each gets a link that opens without a log-in; copy it into a chat."),
        _l("Answers count in every plan at once. Remind the others once a day, and close the question when done."),
    ),
    "absences": (
        _l("Somebody cannot come: see what falls open, then free it in one step and look at the new plan."),
        _l("Why somebody cannot come is not asked and not kept."),
    ),
    "children": (
        _l("Case codes and pseudonyms only; each opening of a file is written down."),
        _l("Category and risk decide, by the county's rules, when the next visit falls due."),
        _l("Check each file from time to time and confirm that it still holds."),
    ),
    "identities": (
        _l("Name, ID number, address and phone are kept sealed. Opening them needs a purpose, and is written down."),
        _l("Keep only what is needed."),
    ),
    "homes": (
        _l("One Children's Home to a village. The sign's text follows the official pattern."),
        _l("An open home states its opening hours; activities can be planned in open homes."),
    ),
    "activities": (
        _l("What happens at the homes, when, and whom it needs. The scheduler fills the team."),
        _l("Repeat an activity weekly from its page; a week that has it already is left alone."),
        _l("One that is called off frees its people; it can be put back."),
    ),
    "photos": (
        _l("Photos are optional. For each, every recognisable child's guardian has agreed, or no child can be told."),
        _l("Where a guardian withdraws that consent, photos on which the child may be seen are destroyed."),
    ),
    "rules": (
        _l("How often a child of a category and risk is visited, how long, and by whom. The county decides."),
        _l("Rules marked as examples hold until the county has decided and named its source."),
    ),
    "calendar": (
        _l("Visits and activities by month, week or list; days off, make-up days and terms lie behind them."),
        _l("Drag a planned activity to another day: what the move would cost is shown before it is kept."),
    ),
    "figures": (
        _l("Six pictures of the township's work; below each are the numbers it is drawn from."),
        _l("Choose the weeks above. Weeks to come show what has been entered and published so far."),
    ),
    "holidays": (
        _l("Days off, make-up working days and school terms of the county. A make-up Saturday is a school day."),
        _l("Years without an official notice are provisional."),
        _l("A new version is kept after you have looked at what it does; until it is in force it can be taken back."),
    ),
    "planner": (
        _l("Choose a period, plan it, correct the draft, publish it. Nobody is told anything before it is published."),
        _l("What is pinned stays when you plan again. Every change shows its cost and the rules it breaks first."),
        _l("Places that nobody could fill stand first, with the reason and the smallest fix."),
        _l("Click a seat: why this person, who else, swap two. Ctrl+Z undoes a change, Ctrl+Shift+Z redoes it."),
    ),
    "roster": (
        _l("What has been published. A version never changes; a later one replaces it for the days that it covers."),
        _l("For the notice board there is a page of its own, without any child's data."),
    ),
    "sheets": (
        _l("Download the template, fill it in, send it: you see what it would do before anything is changed."),
        _l("Wrong cells are named by address. Download the file with its faults marked, correct it, send it again."),
    ),
    "applications": (
        _l("Who would like to become a volunteer. Call them, then approve or decline; either can be taken back."),
        _l("Approving enters a volunteer without a check: no duty is given before the police's reply is entered."),
        _l("The public page is closed until the station head opens it; print its QR code and hang it up."),
    ),
    "trainings": (
        _l("Which courses somebody has taken, on which day, how long, and until when they hold."),
        _l("The person reads the same list among their duties."),
    ),
    "vetting": (
        _l("Whose check ends soon, and which duties would fall away with it. Ask for new checks in one batch."),
        _l("From the day after its last day, nobody is planned on it (Law on the Protection of Minors, art. 62)."),
    ),
    "lendings": (
        _l("Ask a neighbouring township for somebody, or lend one of yours, for an activity or up to 14 days."),
        _l("Both stations agree, volunteers agree themselves, and for purchased-service staff the county agrees too."),
        _l("Neither side sees the other's people or duties: only who is lent, and only in the lent time."),
    ),
    "bars": (
        _l("Who may not work with children anywhere in the county. Only who must know sees it, and why."),
        _l("A bar takes effect at once: the person leaves every roster to come."),
    ),
    "staffing": (
        _l("The county alone moves purchased-service staff, by the number of children of each township (notice 3.2)."),
        _l("They do child protection and social work full time; a township may not divert them."),
    ),
    "day": (
        _l("Who is where today. Note who came; hours are counted from it."),
        _l("A place that stays empty shows at once, so that somebody can step in."),
    ),
    "hours": (
        _l("Hours of service by person, from duties that were done and confirmed."),
        _l("A certificate is given free of charge on request (Regulations on Volunteer Service)."),
    ),
    "concerns": (
        _l("A child in danger is reported at once; this page does not stand in for calling the police on 110."),
        _l("The law asks everybody who works with children to report (Law on the Protection of Minors, art. 11)."),
    ),
    "retention": (
        _l(
            "Closed files whose period is over are listed before anything happens; two people approve, never one alone."
        ),
        _l("What is erased cannot be brought back; a certificate says what was erased, when and by whose decision."),
    ),
    "audit": (
        _l("Who did what, and when. The log can only grow, and each line is chained to the one before."),
        _l("Keep the digest of its head outside the program: with it, a later change can be proven."),
    ),
    "accounts": (
        _l("Invite people by a one-time link, close accounts, help with a lost password."),
        _l("An account shows the duties of the person whose it is. The station head says whose, their own too."),
        _l("A closed account is logged out everywhere at once; it can be opened again."),
    ),
    "my_account": (
        _l("Change your password, set up the second factor, end log-ins on other devices."),
        _l("Log out on a shared computer, and end a lost phone's log-in here."),
    ),
}


def help_for(endpoint: str) -> tuple[LazyString, ...]:
    """The sentences for a page."""
    own = HELP.get(endpoint) or HELP.get(endpoint.split(".", maxsplit=1)[0], ())
    return (*own, *EVERYWHERE)
