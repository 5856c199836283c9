-- Owner: status-worker. When a build that is not over was last heard of, by our clock; null where it is over.
-- And since when its status is an orphan's, which the forge is to show as stopped; null where it is not.
alter table status_worker.status
  add column heard_at timestamptz,
  add column orphaned_at timestamptz;

-- Those that may become one.
create index status_heard on status_worker.status (heard_at)
  where heard_at is not null and orphaned_at is null and (progress <> 'failed' or shown_state = 'INPROGRESS');
