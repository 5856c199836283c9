-- Owner: ingress. Under which addresses browsers and Bitbucket have reached this Cinch: of those that an instance
-- says now, the newest is the one that webhooks lead to.
create table ingress.address (
  url text primary key,
  -- Since when instances say it without a longer break.
  noted_at timestamptz not null,
  -- When one last said it.
  seen_at timestamptz not null,
  -- When it was seen to be the newest, and when the last webhook was moved to it.
  begun_at timestamptz,
  ended_at timestamptz
);
comment on table ingress.address is 'owner: ingress';

-- Owner: ingress. A row of a hook is due when its webhook is to be looked at on the forge.
create table ingress.hook_upkeep (
  hook_id uuid primary key references ingress.hook,
  due_at timestamptz,
  claim bigint not null default 0,
  -- Before the hook's path, as the forge last had it; null where nobody has looked.
  address text,
  -- It has a former address still.
  moving boolean not null default false,
  -- When the forge was last asked for the repository's webhooks, and when nothing was wrong with this one.
  looked_at timestamptz,
  good_at timestamptz,
  trouble text check (trouble in ('missing', 'inactive', 'changed', 'doubled', 'unseen')),
  -- Since which look it has been missing.
  missing_since timestamptz,
  -- When Cinch last made it again, switched it on again, set its events, URL or secret right, removed another one, and
  -- moved it to another address.
  remade_at timestamptz,
  activated_at timestamptz,
  corrected_at timestamptz,
  removed_at timestamptz,
  moved_at timestamptz
);
comment on table ingress.hook_upkeep is 'owner: ingress';
create index hook_upkeep_due on ingress.hook_upkeep (due_at) where due_at is not null;
create index hook_upkeep_missing on ingress.hook_upkeep (missing_since) where missing_since is not null;
create index hook_upkeep_moving on ingress.hook_upkeep (hook_id) where moving;
create index hook_upkeep_good on ingress.hook_upkeep (good_at) where good_at is not null;
