-- Owner: token-service.
alter table token_service.credential
  -- Of a revoked one: it was replaced, and until then it is lent for the statuses that it began.
  add column kept_until timestamptz,
  -- Of a kept one, in place of due_at: when it may be tried again. The release before would find a revoked one
  -- that is due again and again, and could do nothing with it.
  add column kept_due_at timestamptz;
create index credential_kept on token_service.credential (kept_until) where kept_until is not null;
