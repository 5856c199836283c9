-- Owner: token-service. What is older than its days is deleted in batches; this finds it.
create index lease_audit_minute on token_service.lease_audit (minute);
