package io.weir.spring;

import java.time.Duration;

import io.weir.setting.Require;
import io.weir.time.DurationRange;

/**
 * How many producers a template keeps.
 *
 * @param maxProducers how many topics it keeps a producer of, from 1. More are kept only
 * while all of them have messages under way
 * @param producerIdleTime how long a producer is kept that is not used, from a
 * millisecond; it is closed at the latest when twice as much time has passed
 */
public record ProducerCacheSettings(int maxProducers, Duration producerIdleTime) {

	/** 1000 producers, each until it was not used for a minute. */
	public static final ProducerCacheSettings DEFAULTS = new ProducerCacheSettings(1000, Duration.ofMinutes(1));

	/**
	 * Checks the settings.
	 * @throws io.weir.setting.InvalidSettingException naming what is allowed
	 */
	public ProducerCacheSettings {
		Require.atLeast("maxProducers", 1, maxProducers);
		DurationRange.FROM_ONE_MILLISECOND.check("producerIdleTime", producerIdleTime);
	}

}
