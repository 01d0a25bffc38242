package io.weir.sample.booking;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import io.weir.broker.Broker;
import io.weir.message.MessageId;
import io.weir.wire.ProtocolException;

/**
 * Has dead letters published to where they came from again, once what was wrong is
 * mended. That is for who administers the broker: where it is another process, its
 * endpoint {@code weirdeadletters} does it.
 */
@RestController
class Replays {

	private final ObjectProvider<Broker> embedded;

	private final BookingDesk desk;

	Replays(ObjectProvider<Broker> embedded, BookingDesk desk) {
		this.embedded = embedded;
		this.desk = desk;
	}

	@PostMapping("/dead-letters/{id}/replays")
	@ResponseStatus(HttpStatus.ACCEPTED)
	void replay(@PathVariable String id) {
		Broker broker = this.embedded.getIfAvailable();
		if (broker == null) {
			throw new IllegalStateException(
					"The broker is another process, whose endpoint weirdeadletters replays dead letters");
		}
		broker.replay(BookingRedelivery.DEAD_LETTERS, MessageId.parse(id), false);
		this.desk.replayed(id);
	}

	@ExceptionHandler({ ProtocolException.class, IllegalStateException.class, IllegalArgumentException.class })
	ProblemDetail refused(RuntimeException ex) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, String.valueOf(ex.getMessage()));
		problem.setTitle("The dead letter is not replayed");
		return problem;
	}

}
