-- Owner: token-service.
alter table token_service.credential
  -- Of a revoked one: it was replaced, and until then it is lent for the statuses that it began.
  add column kept_until timestamptz;
