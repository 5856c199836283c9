-- Owner: forge, the library that every service asks a forge through: each of them writes here.
create schema forge;

-- The requests of the past hour that people and programs brought about.
create table forge.request_hour (
  -- Whose requests the forge counts together, and in which of its pools.
  identity text not null,
  pool text not null,
  -- Whose share it is: an account's, that of its release checks, or, where it is empty, all of them.
  party text not null,
  -- One count for each minute; a minute's place, its number modulo 60, is used again an hour later.
  newest_minute bigint not null,
  counts int[] not null,
  primary key (identity, pool, party)
);
comment on table forge.request_hour is 'owner: forge';

-- Owner: status-worker. Finds the repositories that have something due without reading all that is.
create index status_due_of_repository on status_worker.status (repository_id, due_at)
  where due_at is not null;
