package io.weir.orders;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.springframework.modulith.events.FailedEventPublications;
import org.springframework.modulith.events.ResubmissionOptions;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Sends events again that the broker did not take, since it was away for too long. */
@Component
class Resubmission {

	private final FailedEventPublications events;

	Resubmission(FailedEventPublications events) {
		this.events = events;
	}

	@Scheduled(initialDelay = 1, fixedDelay = 1, timeUnit = TimeUnit.MINUTES)
	void resubmit() {
		this.events.resubmit(ResubmissionOptions.defaults().withMinAge(Duration.ofMinutes(1)));
	}

}
