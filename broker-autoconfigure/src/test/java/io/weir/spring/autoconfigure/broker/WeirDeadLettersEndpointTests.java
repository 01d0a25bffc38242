package io.weir.spring.autoconfigure.broker;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import io.weir.broker.Broker;
import io.weir.broker.deadletter.DeadLetter;
import io.weir.broker.deadletter.DeadLetterFilter;
import io.weir.broker.deadletter.DeadLetterPage;
import io.weir.broker.deadletter.Replay;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.MessageId;
import io.weir.spring.autoconfigure.broker.WeirDeadLettersEndpoint.Description;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WeirDeadLettersEndpointTests {

	private static final MessageId ID = MessageId.parse("0:0:7:0");

	private final ScriptedBroker broker = new ScriptedBroker();

	private final WeirDeadLettersEndpoint endpoint = new WeirDeadLettersEndpoint(this.broker);

	WeirDeadLettersEndpointTests() {
		this.broker.replay = new Replay("dead", null, DeadLetterFilter.all(), false, Replay.State.RUNNING,
				Instant.EPOCH, 3, 1, List.of("0:0:1:0: no topic"), null);
	}

	@Test
	void endpointIsThereIfItIsExposed() {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WeirBrokerActuatorAutoConfiguration.class))
			.withBean(Broker.class, () -> this.broker);
		runner.run((context) -> assertThat(context).doesNotHaveBean(WeirDeadLettersEndpoint.class));
		runner.withPropertyValues("management.endpoints.web.exposure.include=weirdeadletters")
			.run((context) -> assertThat(context).hasSingleBean(WeirDeadLettersEndpoint.class));
	}

	@Test
	void deadLettersAreShownWithTheirOriginAndTheTopicsReplay() {
		DeadLetterOrigin origin = new DeadLetterOrigin("orders", "billing", MessageId.parse("2:0:1:0"), 3, "no stock");
		this.broker.deadLetters = new DeadLetterPage(
				List.of(new DeadLetter(ID, origin, "audit", 2, true, "k", Instant.EPOCH, 50)), ID);
		assertThat(list("a", "dead")).satisfies((page) -> {
			assertThat(page.deadLetters()).containsExactly(new Description("0:0:7:0", "orders", "billing", "2:0:1:0",
					"audit", 3, "no stock", 2, true, "k", Instant.EPOCH, 50));
			assertThat(page.next()).isEqualTo("0:0:7:0");
			assertThat(page.replay().state()).isEqualTo("running");
		});
		assertThat(this.broker.asked).containsExactly("a/dead", DeadLetterFilter.all(), null, 100);
		assertThat(this.endpoint.replays().replays()).singleElement()
			.satisfies((replay) -> assertThat(replay.failures()).containsExactly("0:0:1:0: no topic"));
	}

	@Test
	void aPageOfAFilterIsAskedFor() {
		this.endpoint.deadLetters(new String[] { "dead" }, "orders", "billing", "stock", "2026-11-27T18:00:00Z",
				"2026-11-27T19:00:00Z", "k", "0:0:7:0", 5);
		assertThat(this.broker.asked).containsExactly("dead", new DeadLetterFilter("orders", "billing", "stock",
				Instant.parse("2026-11-27T18:00:00Z"), Instant.parse("2026-11-27T19:00:00Z"), "k"), ID, 5);
	}

	@Test
	void oneThoseOfAFilterOrAllAreReplayed() {
		replay("0:0:7:0", null, null, null);
		assertThat(this.broker.asked).containsExactly("dead", ID, false);
		replay(null, "stock", null, true);
		assertThat(this.broker.asked).containsExactly("dead", DeadLetterFilter.all().withError("stock"), true);
		replay(null, null, true, false);
		assertThat(this.broker.asked).containsExactly("dead", DeadLetterFilter.all(), false);
		this.endpoint.stop("a", "dead");
		assertThat(this.broker.asked).containsExactly("a/dead", "stop");
	}

	@Test
	void whatIsNotClearIsRefused() {
		assertRefused(() -> replay(null, null, null, null), "'all' with the value true must be given");
		assertRefused(() -> replay(null, "stock", true, null), "'all' with the value true must be given");
		assertRefused(() -> replay("0:0:7:0", "stock", null, null), "not both");
		assertRefused(() -> replay("seven", null, null, null), "Not a message id: 'seven'");
		assertRefused(() -> this.endpoint.deadLetters(new String[] { "dead" }, null, null, null, "today", null, null,
				null, null), "'since' must be a time such as");
	}

	private void assertRefused(Runnable call, String words) {
		assertThatExceptionOfType(InvalidEndpointRequestException.class).isThrownBy(call::run)
			.withMessageContaining(words);
	}

	private WeirDeadLettersEndpoint.DeadLetters list(String... topic) {
		return this.endpoint.deadLetters(topic, null, null, null, null, null, null, null, null);
	}

	private void replay(String id, String error, Boolean all, Boolean again) {
		this.endpoint.replay("dead", id, null, null, error, null, null, null, all, again);
	}

}
