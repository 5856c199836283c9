-- Owner: forge, the library that every service asks a forge through: each of them writes here.
-- What an identity has asked a forge for over the rolling window (an hour), and how that stands.
create table forge.request_budget (
  -- Whose requests the forge counts together, and in which of its pools.
  identity text not null,
  pool text not null,
  -- One count for each part of the window (a minute), by what the requests were for; a part's place, its
  -- number modulo how many there are, is used again.
  newest_part bigint not null,
  finals int[] not null,
  starts int[] not null,
  releases int[] not null,
  looks int[] not null,
  reconciliations int[] not null,
  -- As the forge says in its answers, and as its refusals let it be known for a while.
  announced_limit int,
  lowered_limit int,
  lowered_until timestamptz,
  -- What others must have asked for with the same credential, as the answers let it be known for a while.
  elsewhere int,
  elsewhere_until timestamptz,
  -- After a refusal nothing is asked until then; whoever asks first tells for all, and has so long for it.
  resting_since timestamptz,
  resting_until timestamptz,
  probing_until timestamptz,
  -- When it last came to its end.
  rested_at timestamptz,
  primary key (identity, pool)
);
comment on table forge.request_budget is 'owner: forge';
create index request_budget_resting on forge.request_budget (resting_until) where resting_until is not null;

-- Owner: status-worker.
alter table status_worker.status
  -- Whether what is wanted ends a build: such a state goes before others.
  add column is_final boolean not null default false,
  -- As due_at while the row waits for the forge's limit; it is brought forward once there is room.
  add column waiting_until timestamptz;
update status_worker.status status
  set is_final = report.final
  from status_worker.build_report report
  where status.due_at is not null
    and report.repository_id = status.repository_id
    and report.commit_hash = status.commit_hash
    and report.status_key = status.status_key
    and report.event_id = status.event_id;
create index status_due_final_first on status_worker.status (repository_id, is_final desc, due_at)
  where due_at is not null;
create index status_waiting on status_worker.status (repository_id, is_final, due_at)
  where due_at = waiting_until;
