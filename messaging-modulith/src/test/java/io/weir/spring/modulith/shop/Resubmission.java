package io.weir.spring.modulith.shop;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.springframework.modulith.events.FailedEventPublications;
import org.springframework.modulith.events.ResubmissionOptions;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Has what failed sent again. */
@Component
class Resubmission {

	private final FailedEventPublications publications;

	Resubmission(FailedEventPublications publications) {
		this.publications = publications;
	}

	@Scheduled(initialDelay = 1, fixedDelay = 1, timeUnit = TimeUnit.MINUTES)
	void resubmit() {
		this.publications.resubmit(ResubmissionOptions.defaults().withMinAge(Duration.ofMinutes(1)));
	}

}
