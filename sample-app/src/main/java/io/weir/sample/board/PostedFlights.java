package io.weir.sample.board;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import jakarta.validation.Valid;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import io.weir.sample.flight.Flight;
import io.weir.sample.flight.Run;
import io.weir.spring.WeirOperations;

/** Publishes the flights that somebody posts; they come to the board as all others do. */
@RestController
class PostedFlights {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final WeirOperations template;

	private final Run run;

	PostedFlights(WeirOperations template, Run run) {
		this.template = template;
		this.run = run;
	}

	@PostMapping("/flights")
	@ResponseStatus(HttpStatus.CREATED)
	CompletableFuture<Published> publish(@Valid @RequestBody Flight flight) {
		return this.template.message(Run.TOPIC, flight)
			.key(flight.origin())
			.header(Run.ID, this.run.id())
			.sendAsync()
			.orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
			.thenApply((id) -> new Published(id.toString(), flight));
	}

	/**
	 * The answer.
	 *
	 * @param id the id under which the broker stored the flight
	 * @param flight the flight
	 */
	record Published(String id, Flight flight) {
	}

}
