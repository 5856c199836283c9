-- Owner: release-worker. Finds the repositories that have something due without reading all that is.
create index download_due_of_repository on release_worker.download (repository_id, due_at)
  where due_at is not null;
