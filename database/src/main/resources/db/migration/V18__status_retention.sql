-- Owner: status-worker. What is older than its days is deleted in batches; these find it.
create index build_report_recorded on status_worker.build_report (recorded_at);
create index push_received on status_worker.push (received_at);
