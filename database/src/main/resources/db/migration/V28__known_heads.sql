-- Owner: ingress. What was published last of each ref, and what the forge has otherwise.

-- Kept by the copies of cinch.push.v1, and by who publishes what no delivery brought. A ref that was deleted keeps its
-- row for a while, so that its number goes on.
create table ingress.known_head (
  repository_id uuid not null,
  -- In full, refs/heads/main.
  ref text not null,
  -- Null: deleted.
  hash text,
  -- Rises with each publication; 0 where the head was only seen, at the first look at its repository.
  number bigint not null,
  -- Of the last publication; null where there is none.
  event_id text,
  -- The last record that is counted in; its broker's time tells it from one of a topic that was made anew.
  record_offset bigint not null default -1,
  record_at timestamptz,
  changed_at timestamptz not null,
  primary key (repository_id, ref)
);
comment on table ingress.known_head is 'owner: ingress; copy of cinch.push.v1, and ahead of it by what the reconciler publishes';
create index known_head_deleted on ingress.known_head (changed_at) where hash is null;

-- Heads that differ from what was published. Each stands for a minute before it is published, so that all who receive
-- deliveries know of it by then.
create table ingress.missed_push (
  repository_id uuid not null,
  ref text not null,
  old_hash text,
  new_hash text,
  -- Of the known head that it would follow; 0 where there is none.
  number bigint not null,
  event_id text not null,
  message text,
  author text,
  -- When the look began that found it, and the one that found the same a minute later.
  found_at timestamptz not null,
  confirmed_at timestamptz,
  published_at timestamptz,
  -- The first request id of the delivery that came for it after all, and has its event id.
  taken_by text,
  primary key (repository_id, ref)
);
comment on table ingress.missed_push is 'owner: ingress';
create index missed_push_confirmed on ingress.missed_push (confirmed_at)
  where confirmed_at is not null and published_at is null;

-- When an instance last looked at anything: what was pushed since may have been missed.
create table ingress.reconciler_run (
  id boolean primary key default true check (id),
  last_at timestamptz not null
);
comment on table ingress.reconciler_run is 'owner: ingress; one row';

-- Workspaces of which several repositories are connected with one credential: each is asked what has changed.
create table ingress.workspace_look (
  workspace_uuid text not null,
  credential_id uuid not null,
  due_at timestamptz,
  claim bigint not null default 0,
  -- The forge's time of the last change that was seen; null before the first look.
  seen_until timestamptz,
  primary key (workspace_uuid, credential_id)
);
comment on table ingress.workspace_look is 'owner: ingress';
create index workspace_look_due on ingress.workspace_look (due_at) where due_at is not null;
