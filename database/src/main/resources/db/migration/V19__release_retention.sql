-- Owner: release-worker. What is older than its days is deleted in batches; these find it, and whether a
-- release of the repository is under way, while which none of it is deleted.
create index release_recorded on release_worker.release (recorded_at);
create index release_under_way on release_worker.release (repository_id)
  where state in ('requested', 'sending');
