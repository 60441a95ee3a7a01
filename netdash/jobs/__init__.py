"""What outlives a request: Celery tasks and the runner of plans."""
