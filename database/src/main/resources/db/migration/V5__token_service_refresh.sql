-- Owner: token-service. What is known of refreshes beyond one credential and beyond one instance.
alter table token_service.credential
  -- Since when an attempt with this very refresh token has had no usable answer: it may be used up.
  add column unanswered_since timestamptz;

-- How the forge has lately treated Cinch's OAuth client as a whole.
create table token_service.oauth_client (
  client_id text primary key,
  -- Of the newest refusal that no success has followed; null: nothing speaks against the client.
  refused_at timestamptz,
  refused_credential uuid,
  -- More than one credential was refused, or the client itself: then it is not one grant's doing.
  shared boolean not null default false,
  -- In the forge's words.
  says text,
  -- While refusals stand, refreshes take turns; whoever moved this forward has the turn until then.
  turn_until timestamptz,
  -- No turn before.
  next_turn_at timestamptz,
  pauses int not null default 0
);
comment on table token_service.oauth_client is 'owner: token-service';

-- Owner: service, for whoever calls a forge. What is left of the requests an account may make.
create table service.request_budget (
  -- Whose requests the forge counts together, and in which of its pools.
  identity text not null,
  pool text not null,
  available double precision not null,
  counted_at timestamptz not null,
  primary key (identity, pool)
);
comment on table service.request_budget is
  'owner: the service that calls the forge';
