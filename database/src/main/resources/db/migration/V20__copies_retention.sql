-- Owner: ingress. Reports that are older than their days are deleted in batches; this finds them. The lists
-- are looked through repository by repository, by the indexes they have.
create index reported_state_received on ingress.reported_state (received_at);
