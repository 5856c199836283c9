-- Owner: ingress. What a repository is called is what the forge says of its uuid.
alter table ingress.repository
  -- What the connection says of a repository.
  add column workspace_uuid text,
  add column former_names text[] not null default '{}',
  -- What a signed delivery called it, where that is not its name: a hint upon which the forge is asked.
  add column hinted_name text,
  -- Due: its name and its workspace's uuid are to be asked for.
  add column name_due_at timestamptz,
  add column name_claim bigint not null default 0,
  add column name_asked_at timestamptz;

-- The workspaces' uuids were not asked for before; one after the other, so that no account's hour is
-- spent on it.
update ingress.repository
set name_due_at = now() + interval '10 seconds' * line.number
from (
  select id, row_number() over (order by created_at) as number
  from ingress.repository
  where state = 'connected'
) as line
where line.id = repository.id;

create index repository_name_due on ingress.repository (name_due_at) where name_due_at is not null;
