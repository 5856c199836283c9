-- Owner: release-worker. Finds the repositories that have something due without reading all that is.
create index release_due_of_repository on release_worker.release (repository_id, due_at)
  where due_at is not null;
