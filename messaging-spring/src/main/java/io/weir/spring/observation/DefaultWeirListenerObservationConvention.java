package io.weir.spring.observation;

import java.util.Objects;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

import io.weir.spring.observation.WeirObservation.Keys;

/** The convention of {@link WeirObservation#LISTENER} unless there is a bean. */
final class DefaultWeirListenerObservationConvention implements WeirListenerObservationConvention {

	@Override
	public String getName() {
		return "weir.listener";
	}

	@Override
	public String getContextualName(WeirListenerContext context) {
		return "receive " + context.getTopic();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(WeirListenerContext context) {
		return KeyValues.of(Keys.SYSTEM.withValue("weir"), Keys.TOPIC.withValue(context.getTopic()),
				Keys.SUBSCRIPTION.withValue(Objects.requireNonNullElse(context.getSubscription(), KeyValue.NONE_VALUE)),
				Keys.LISTENER.withValue(context.getListenerId()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(WeirListenerContext context) {
		return (context.getMessages().size() == 1)
				? KeyValues.of(Keys.MESSAGE_ID.withValue(context.getMessages().get(0).id().toString()))
				: KeyValues.empty();
	}

}
