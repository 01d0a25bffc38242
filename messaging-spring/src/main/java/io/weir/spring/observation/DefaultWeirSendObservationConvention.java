package io.weir.spring.observation;

import io.micrometer.common.KeyValues;

import io.weir.message.MessageId;
import io.weir.spring.observation.WeirObservation.Keys;

/** The convention of {@link WeirObservation#SEND} unless there is a bean. */
final class DefaultWeirSendObservationConvention implements WeirSendObservationConvention {

	@Override
	public String getName() {
		return "weir.producer.send";
	}

	@Override
	public String getContextualName(WeirSendContext context) {
		return "send " + context.getTopic();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(WeirSendContext context) {
		return KeyValues.of(Keys.SYSTEM.withValue("weir"), Keys.TOPIC.withValue(context.getTopic()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(WeirSendContext context) {
		MessageId id = context.getMessageId();
		return (id != null) ? KeyValues.of(Keys.MESSAGE_ID.withValue(id.toString())) : KeyValues.empty();
	}

}
