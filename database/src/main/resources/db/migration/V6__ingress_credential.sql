-- Owner: ingress. Nobody else reads or writes these tables.
create table ingress.credential (
  id uuid primary key,
  kind text not null,
  state text not null,
  -- What speaks against it; beside a healthy one, a warning.
  reason text,
  -- When it ends for good, where that was told.
  expires_at timestamptz,
  -- Of the newest event that was seen.
  at timestamptz not null
);
comment on table ingress.credential is 'owner: ingress; projection of cinch.credential.v1';

-- Credentials that lost their repository: owed to the token-service until it has erased them.
create table ingress.erasure (
  credential_id uuid primary key,
  since timestamptz not null
);
comment on table ingress.erasure is 'owner: ingress';
