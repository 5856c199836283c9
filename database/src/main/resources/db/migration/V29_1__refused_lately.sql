-- Owner: ingress. Deliveries that were just refused are a sign that something is wrong with their webhook; this finds
-- them, whatever hook they came through.
create index delivery_refused_lately on ingress.delivery (received_at) where answer = 401;
