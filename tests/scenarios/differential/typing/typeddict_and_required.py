from typing import NotRequired, Required, TypedDict


class Step(TypedDict):
    name: Required[str]
    seconds: NotRequired[float]


class Plan(TypedDict):
    steps: list[Step]
    owner: str


plan: Plan = {"owner": "ann", "steps": [{"name": "mix", "seconds": 5.0}, {"name": "wait"}]}
print(Step(name="bake"), isinstance(plan, dict))
total = sum(step.get("seconds", 0) for step in plan["steps"])
return {"total": total, "plan": plan}
