package io.weir.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;

import io.weir.spring.observation.WeirSendContext;

/** What a tracer does, reduced to one header. */
final class HeaderPropagation implements ObservationHandler<WeirSendContext> {

	@Override
	public void onStart(WeirSendContext context) {
		context.getSetter().set(context.getCarrier(), "traceparent", "trace");
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof WeirSendContext;
	}

}
