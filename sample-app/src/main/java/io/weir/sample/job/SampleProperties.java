package io.weir.sample.job;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;
import org.springframework.validation.annotation.Validated;

import io.weir.time.DurationRange;

/**
 * Settings of the sample.
 *
 * @param threads how many threads publish
 * @param data the flights, a JSON array
 * @param repeat how often the flights are published, one round after the other
 * @param exit whether the application ends after the summary
 * @param patience how long nothing may arrive, while connected, before what is missing
 * counts as lost; up to 365 days
 */
@Validated
@ConfigurationProperties("sample")
record SampleProperties(@DefaultValue("4") @Min(1) @Max(64) int threads,
		@DefaultValue("classpath:flights-20k.json.gz") Resource data, @DefaultValue("1") @Min(1) @Max(1000) int repeat,
		@DefaultValue("false") boolean exit, @DefaultValue("60s") Duration patience) {

	SampleProperties {
		DurationRange.FROM_ONE_MILLISECOND.check("sample.patience", patience);
	}

}
