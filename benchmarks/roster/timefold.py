"""Timefold (Apache-2.0, needs a Java machine) on the same part of a problem as VROOM, with every soft term of it.

Each window of a person is a trip, an ordered list of stops; a stop's start follows from the one before it. Timefold
turns the methods and constraints below into Java, so they keep to what it can translate: plain loops and integers.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from timefold.solver import SolverFactory
from timefold.solver.config import Duration, ScoreDirectorFactoryConfig, SolverConfig, TerminationConfig
from timefold.solver.domain import (
    CascadingUpdateShadowVariable,
    InverseRelationShadowVariable,
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningListVariable,
    PlanningScore,
    PreviousElementShadowVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    Constraint,
    ConstraintCollectors,
    ConstraintFactory,
    HardMediumSoftScore,
    constraint_provider,
)

from benchmarks.roster.program import Answer, main
from scheduling.eligibility import Eligibility
from scheduling.problem import DAY, Assignment, Person, PersonKind, Problem, Seat, Task

FREE = 1_000_000


@dataclass
class Worker:
    """A person, and what each task would cost in their hands."""

    id: Annotated[int, PlanningId]
    is_volunteer: bool
    recent: int
    cost: list[int]


@planning_entity
@dataclass
class Stop:
    """A task on a trip, or on none."""

    id: Annotated[int, PlanningId]
    place: int
    minutes: int
    weight: int
    due: int
    opens: list[int]
    closes: list[int]
    roads: list[list[int]]
    trip: Annotated["Trip | None", InverseRelationShadowVariable(source_variable_name="stops")] = field(default=None)
    before: Annotated["Stop | None", PreviousElementShadowVariable(source_variable_name="stops")] = field(default=None)
    start: Annotated[int | None, CascadingUpdateShadowVariable(target_method_name="time")] = field(default=None)

    def leg(self) -> int:
        """Minutes on the road to here."""
        if self.before is None:
            return self.roads[self.trip.base][self.place]
        return self.roads[self.before.place][self.place]

    def time(self) -> None:
        """Start as early as the way and a window allow; at the arrival where no window does."""
        if self.trip is None:
            self.start = None
            return
        ready = self.trip.opens if self.before is None else self.before.start + self.before.minutes
        ready = ready + self.leg()
        self.start = ready
        for number in range(len(self.opens)):
            begin = max(ready, self.opens[number])
            if begin + self.minutes <= self.closes[number]:
                self.start = begin
                return

    def beyond(self) -> int:
        """1 where no window holds the start, else 0."""
        for number in range(len(self.opens)):
            if self.opens[number] <= self.start and self.start + self.minutes <= self.closes[number]:
                return 0
        return 1

    def late(self) -> int:
        """Days after the due one."""
        return max(0, self.start // DAY - self.due)


@planning_entity
@dataclass
class Trip:
    """One window of a person, and which tasks may be done in it."""

    id: Annotated[int, PlanningId]
    worker: Worker
    able: list[bool]
    base: int
    opens: int
    closes: int
    most_minutes: int
    most_tasks: int
    roads: list[list[int]]
    stops: Annotated[list[Stop], PlanningListVariable(allows_unassigned_values=True)] = field(default_factory=list)

    def way_home(self) -> int:
        """Minutes from the last stop to the base."""
        return self.roads[self.stops[len(self.stops) - 1].place][self.base]

    def over(self) -> int:
        """By how much the trip breaks its end and its limits."""
        last = self.stops[len(self.stops) - 1]
        minutes = 0
        for stop in self.stops:
            minutes = minutes + stop.minutes
        over = max(0, last.start + last.minutes + self.way_home() - self.closes)
        return over + max(0, minutes - self.most_minutes) + max(0, len(self.stops) - self.most_tasks)


@planning_solution
@dataclass
class Plan:
    """All trips and stops."""

    workers: Annotated[list[Worker], ProblemFactCollectionProperty]
    trips: Annotated[list[Trip], PlanningEntityCollectionProperty]
    stops: Annotated[list[Stop], PlanningEntityCollectionProperty, ValueRangeProvider]
    score: Annotated[HardMediumSoftScore | None, PlanningScore] = field(default=None)


def constraints_of(problem: Problem) -> Any:
    """The rules and the soft terms, with the problem's weights."""
    per = problem.weights
    travel, late, fairness = per.travel, per.late, per.fairness

    def provider(factory: ConstraintFactory) -> list[Constraint]:
        hard, medium, soft = HardMediumSoftScore.ONE_HARD, HardMediumSoftScore.ONE_MEDIUM, HardMediumSoftScore.ONE_SOFT
        return [
            factory.for_each(Stop)
            .filter(lambda stop: not stop.trip.able[stop.id])
            .penalize(hard, lambda stop: 1000)
            .as_constraint("able"),
            factory.for_each(Stop).filter(lambda stop: stop.beyond() > 0).penalize(hard).as_constraint("window"),
            factory.for_each(Trip)
            .filter(lambda trip: len(trip.stops) > 0 and trip.over() > 0)
            .penalize(hard, lambda trip: trip.over())
            .as_constraint("trip"),
            factory.for_each_including_unassigned(Stop)
            .filter(lambda stop: stop.trip is None)
            .penalize(medium, lambda stop: stop.weight)
            .as_constraint("unserved"),
            factory.for_each(Stop).penalize(soft, lambda stop: travel * stop.leg()).as_constraint("travel"),
            factory.for_each(Trip)
            .filter(lambda trip: len(trip.stops) > 0)
            .penalize(soft, lambda trip: travel * trip.way_home())
            .as_constraint("way home"),
            factory.for_each(Stop)
            .filter(lambda stop: stop.due >= 0)
            .penalize(soft, lambda stop: late * stop.late())
            .as_constraint("late"),
            factory.for_each(Stop)
            .penalize(soft, lambda stop: stop.trip.worker.cost[stop.id])
            .as_constraint("stranger and avoid"),
            factory.for_each(Stop)
            .filter(lambda stop: stop.trip.worker.is_volunteer)
            .group_by(lambda stop: stop.trip.worker, ConstraintCollectors.count())
            .penalize(soft, lambda worker, given: fairness * (given * given + 2 * given * worker.recent))
            .as_constraint("fairness"),
        ]

    return constraint_provider(provider)


def plan_of(problem: Problem) -> Plan:
    """The problem as Timefold's facts and entities; only tasks with one role for one person are meant."""
    able, place = Eligibility(problem), {place.id: number for number, place in enumerate(problem.places)}
    roads = [list(row) for row in problem.travel_minutes]
    may = [{person.id for person in able.candidates(task).able_by_role[task.roles[0].id]} for task in problem.tasks]
    workers = [
        Worker(
            id=number,
            is_volunteer=person.kind is PersonKind.VOLUNTEER,
            recent=person.recent_tasks,
            cost=[_cost(problem, person, task) for task in problem.tasks],
        )
        for number, person in enumerate(problem.people)
    ]
    trips = [
        Trip(
            id=len(problem.people) * day + number,
            worker=workers[number],
            able=[
                person.id in may[t] and task.needs_gender in {None, person.gender} and _vetted(person, task, opens)
                for t, task in enumerate(problem.tasks)
            ],
            base=place[person.base],
            opens=opens,
            closes=closes,
            most_minutes=FREE if person.max_minutes_per_day is None else person.max_minutes_per_day,
            most_tasks=FREE if person.max_tasks_per_day is None else person.max_tasks_per_day,
            roads=roads,
        )
        for number, person in enumerate(problem.people)
        for day, (opens, closes) in enumerate(person.availability)
    ]
    stops = [
        Stop(
            id=number,
            place=place[task.place],
            minutes=task.minutes,
            weight=task.priority.weight,
            due=-1 if task.due is None else task.due,
            opens=[opens for opens, _closes in task.windows],
            closes=[closes for _opens, closes in task.windows],
            roads=roads,
        )
        for number, task in enumerate(problem.tasks)
    ]
    return Plan(workers=workers, trips=trips, stops=stops)


def _vetted(person: Person, task: Task, opens: int) -> bool:
    through = person.vetted_through
    return not task.with_children or (through is not None and through >= opens // DAY)


def _cost(problem: Problem, person: Person, task: Task) -> int:
    weights = problem.weights
    stranger = weights.stranger if task.known_by and person.id not in task.known_by else 0
    avoided = weights.avoid if task.id in person.avoids else 0
    return stranger + avoided - (weights.want if task.id in person.wants else 0)


def answer(problem: Problem, _path: Path, seconds: float) -> Answer:
    """Timefold's trips; nothing where it found none without a broken rule."""
    config = SolverConfig(
        solution_class=Plan,
        entity_class_list=[Trip, Stop],
        score_director_factory_config=ScoreDirectorFactoryConfig(constraint_provider_function=constraints_of(problem)),
        termination_config=TerminationConfig(spent_limit=Duration(milliseconds=int(1000 * seconds))),
    )
    found = SolverFactory.create(config).build_solver().solve(plan_of(problem))
    if found.score is None or found.score.hard_score < 0:
        return (), None
    return tuple(_rows(problem, found)), None


def _rows(problem: Problem, plan: Plan) -> list[Assignment]:
    return [
        Assignment(
            task=problem.tasks[stop.id].id,
            start=stop.start or 0,
            people=(Seat(person=problem.people[trip.worker.id].id, role=problem.tasks[stop.id].roles[0].id),),
        )
        for trip in plan.trips
        for stop in trip.stops
    ]


if __name__ == "__main__":
    main(answer)
