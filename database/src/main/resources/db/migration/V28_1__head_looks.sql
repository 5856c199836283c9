-- Owner: ingress. When the heads of a repository are compared with what was published.
alter table ingress.repository
  add column heads_due_at timestamptz default now(),
  add column heads_claim bigint not null default 0,
  add column heads_failures int not null default 0,
  add column heads_looked_at timestamptz,
  -- The first look since it was connected: what stood there then is not announced.
  add column heads_known_at timestamptz;

create index repository_heads_due on ingress.repository (heads_due_at)
  where heads_due_at is not null and state = 'connected';
