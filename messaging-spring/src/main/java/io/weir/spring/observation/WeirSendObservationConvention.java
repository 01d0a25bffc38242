package io.weir.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observation {@link WeirObservation#SEND} and its keys. A bean of this type
 * takes the place of the default.
 */
public interface WeirSendObservationConvention extends ObservationConvention<WeirSendContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof WeirSendContext;
	}

}
