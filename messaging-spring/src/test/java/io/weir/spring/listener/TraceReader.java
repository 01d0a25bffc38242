package io.weir.spring.listener;

import java.util.Queue;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;

import io.weir.spring.observation.WeirListenerContext;

/** What a tracer does, reduced to one header. */
record TraceReader(Queue<String> traces) implements ObservationHandler<WeirListenerContext> {

	@Override
	public void onStart(WeirListenerContext context) {
		this.traces.add(String.valueOf(context.getGetter().get(context.getCarrier(), "traceparent")));
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof WeirListenerContext;
	}

}
