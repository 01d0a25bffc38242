package io.weir.spring.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/** The observations and their keys. */
public enum WeirObservation implements ObservationDocumentation {

	/** A message on its way from a producer until the broker has stored it. */
	SEND {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultWeirSendObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return new KeyName[] { Keys.SYSTEM, Keys.TOPIC };
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { Keys.MESSAGE_ID };
		}

	},

	/** A message, or a batch of them, in the hands of a listener. */
	LISTENER {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultWeirListenerObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return new KeyName[] { Keys.SYSTEM, Keys.TOPIC, Keys.SUBSCRIPTION, Keys.LISTENER };
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { Keys.MESSAGE_ID };
		}

	};

	/** The keys; names are OpenTelemetry's where it has some. */
	public enum Keys implements KeyName {

		/** Always {@code weir}. */
		SYSTEM("messaging.system"),

		/** The topic. */
		TOPIC("messaging.destination.name"),

		/** The subscription; {@code none} if the listener reads the topic without one. */
		SUBSCRIPTION("messaging.destination.subscription.name"),

		/** The listener's id. */
		LISTENER("weir.listener.id"),

		/** The message's id, once it is known. */
		MESSAGE_ID("messaging.message.id");

		private final String key;

		Keys(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

}
