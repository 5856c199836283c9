-- Owner: release-worker. What cinch.release.v1 says of a file; a migration of its own, since one that locks
-- two tables may wait for who waits for it.
alter table release_worker.release_file
  -- What Bitbucket last answered of it, and how often it was asked; while it is open its reason says
  -- why it waits.
  add column http_status int,
  add column attempts int not null default 0;
