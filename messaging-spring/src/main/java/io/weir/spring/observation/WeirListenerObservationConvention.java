package io.weir.spring.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observation {@link WeirObservation#LISTENER} and its keys. A bean of this
 * type takes the place of the default.
 */
public interface WeirListenerObservationConvention extends ObservationConvention<WeirListenerContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof WeirListenerContext;
	}

}
