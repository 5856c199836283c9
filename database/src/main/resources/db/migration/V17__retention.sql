-- What is older than its days is deleted in batches; these find it.

-- Owner: token-service.
create index lease_audit_minute on token_service.lease_audit (minute);

-- Owner: status-worker.
create index build_report_recorded on status_worker.build_report (recorded_at);
create index push_received on status_worker.push (received_at);

-- Owner: release-worker. While a release of a repository is under way, none of it is deleted.
create index release_recorded on release_worker.release (recorded_at);
create index release_under_way on release_worker.release (repository_id)
  where state in ('requested', 'sending');

-- Owner: ingress. Its lists are looked through repository by repository, by the indexes they have.
create index reported_state_received on ingress.reported_state (received_at);
