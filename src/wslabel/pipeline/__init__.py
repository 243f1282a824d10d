"""Pipelines: one declarative file, one run directory, stages that run only when something they read has changed."""

from wslabel.pipeline.config import Pipeline, load_pipeline
from wslabel.pipeline.run import Run
from wslabel.pipeline.runner import Observer, Plan, plan, run

__all__ = ["Observer", "Pipeline", "Plan", "Run", "load_pipeline", "plan", "run"]
