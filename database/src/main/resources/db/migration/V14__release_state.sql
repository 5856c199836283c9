-- Owner: release-worker. What cinch.release.v1 says of a release beside what stood here.
alter table release_worker.release
  -- Of cinch.release.v1; 0: nothing was published yet.
  add column version bigint not null default 0,
  -- What was published last, in short; an instance of the release before changes a release without
  -- publishing it.
  add column published text,
  -- While its files are sent: when one that waits is tried next, as was published.
  add column next_try_at timestamptz;
create index release_unpublished on release_worker.release (recorded_at)
  where published is distinct from (round || ' ' || state || ' ' || coalesce(waiting_for, ''));
