-- Owner: ingress. The credentials that took the calls of a repository before its present one did, as long as
-- they are kept for the statuses that they began.
create table ingress.replaced_credential (
  repository_id uuid not null,
  credential_id uuid not null,
  kept_until timestamptz not null,
  primary key (repository_id, credential_id)
);
comment on table ingress.replaced_credential is 'owner: ingress';
