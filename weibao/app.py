"""Assemble the program; no logic of its own."""

from datetime import timedelta

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from weibao import access, db, hx, i18n, newlines, recent, request_limits, shell, words
from weibao.config import Config
from weibao.resources import STATIC, folder
from weibao.views import (
    absences,
    account,
    accounts,
    activities,
    activity_templates,
    applications,
    arrangements,
    audit,
    availability,
    availability_answers,
    availability_requests,
    bars,
    calendar,
    children,
    concerns,
    consents,
    county,
    county_files,
    day,
    day_needs,
    desk,
    errors,
    exchange,
    feeds,
    figures,
    glance,
    holiday_plans,
    holidays,
    homes,
    hours,
    identities,
    inbox,
    join,
    lendings,
    mine,
    my_account,
    participation,
    people,
    phone,
    photos,
    places,
    planner,
    resources,
    retention,
    rosters,
    rules,
    search,
    series,
    sheets,
    staffing,
    subscriptions,
    trainings,
    vetting,
    village,
)

BLUEPRINTS = (
    account.blueprint,
    my_account.blueprint,
    accounts.blueprint,
    identities.blueprint,
    day_needs.blueprint,
    consents.blueprint,
    retention.blueprint,
    audit.blueprint,
    desk.blueprint,
    feeds.blueprint,
    inbox.blueprint,
    mine.blueprint,
    subscriptions.blueprint,
    places.blueprint,
    day.blueprint,
    concerns.blueprint,
    hours.blueprint,
    exchange.blueprint,
    arrangements.blueprint,
    village.blueprint,
    phone.blueprint,
    county.blueprint,
    county_files.blueprint,
    figures.blueprint,
    glance.blueprint,
    staffing.blueprint,
    availability.blueprint,
    availability_requests.blueprint,
    availability_answers.blueprint,
    absences.blueprint,
    people.blueprint,
    trainings.blueprint,
    applications.blueprint,
    join.blueprint,
    vetting.blueprint,
    lendings.blueprint,
    bars.blueprint,
    children.blueprint,
    homes.blueprint,
    activities.blueprint,
    calendar.blueprint,
    rules.blueprint,
    holidays.blueprint,
    activity_templates.blueprint,
    holiday_plans.blueprint,
    participation.blueprint,
    photos.blueprint,
    series.blueprint,
    resources.blueprint,
    planner.blueprint,
    rosters.blueprint,
    sheets.blueprint,
    search.blueprint,
)
csrf = CSRFProtect()


def create_app(config: Config) -> Flask:
    """Build the WSGI program.

    Raises:
        RuntimeError: an endpoint has no line in the permission table, or a line names no endpoint.

    """
    app = Flask("weibao", template_folder=str(folder("templates")), static_folder=str(STATIC))
    app.config.update(_flask_settings(config))
    for part in (hx.htmx, newlines, request_limits, csrf, db, i18n, words, shell, access, errors, recent, feeds):
        part.init_app(app)
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    loose = access.undeclared(app)
    if loose:
        raise RuntimeError(f"the permission table and the endpoints differ: {', '.join(loose)}")
    return app


def _flask_settings(config: Config) -> dict[str, object]:
    return {
        "WEIBAO": config,
        "SECRET_KEY": config.secret_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": db.engine_options(config.database_url),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.secure_cookies,
        "SESSION_COOKIE_NAME": "__Host-weibao" if config.secure_cookies else "weibao",
        "PERMANENT_SESSION_LIFETIME": timedelta(minutes=config.session_minutes),
        "WTF_CSRF_TIME_LIMIT": None,
    }
