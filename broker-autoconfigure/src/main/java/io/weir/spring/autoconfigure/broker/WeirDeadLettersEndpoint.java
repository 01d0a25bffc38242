package io.weir.spring.autoconfigure.broker;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

import io.weir.broker.Broker;
import io.weir.broker.deadletter.DeadLetter;
import io.weir.broker.deadletter.DeadLetterFilter;
import io.weir.broker.deadletter.DeadLetterPage;
import io.weir.broker.deadletter.Replay;
import io.weir.message.DeadLetterOrigin;
import io.weir.message.MessageId;

/**
 * Lists dead letters, and replays them to where they came from.
 */
@Endpoint(id = "weirdeadletters")
public final class WeirDeadLettersEndpoint {

	private static final int DEFAULT_LIMIT = 100;

	private final Broker broker;

	WeirDeadLettersEndpoint(Broker broker) {
		this.broker = broker;
	}

	/**
	 * How far the last replay of each dead-letter topic is.
	 * @return ordered by topic
	 */
	@ReadOperation
	public Replays replays() {
		return new Replays(this.broker.replays().stream().map(ReplayDescription::of).toList());
	}

	/**
	 * What is in a dead-letter topic, a page at a time, and how far its last replay is.
	 * @param topic its name, which may contain slashes
	 * @param originTopic only what was published first to this topic
	 * @param subscription only what died on this subscription
	 * @param error only what has this in its error
	 * @param since only what became a dead letter then or later
	 * @param until only what became a dead letter before
	 * @param key only what has this key
	 * @param from where the page begins; at the beginning, if not given
	 * @param limit how many at most, from 1 to 1000; 100 if not given
	 * @return in the order in which they are stored
	 */
	@ReadOperation
	public DeadLetters deadLetters(@Selector(match = Match.ALL_REMAINING) String[] topic, @Nullable String originTopic,
			@Nullable String subscription, @Nullable String error, @Nullable String since, @Nullable String until,
			@Nullable String key, @Nullable String from, @Nullable Integer limit) {
		String name = String.join("/", topic);
		return EndpointRequest.carryOut(() -> {
			DeadLetterFilter filter = filter(originTopic, subscription, error, since, until, key);
			DeadLetterPage page = this.broker.deadLetters(name, filter, optional(from, MessageId::parse),
					(limit != null) ? limit : DEFAULT_LIMIT);
			return new DeadLetters(page.deadLetters().stream().map(Description::of).toList(), text(page.next()),
					this.broker.replay(name).map(ReplayDescription::of).orElse(null));
		});
	}

	/**
	 * Begins to replay dead letters: one message, those of a filter, or all.
	 * @param topic the dead-letter topic
	 * @param id the one message that is meant
	 * @param originTopic as for the list, and so are the others
	 * @param all must be true if neither a message nor a filter is given
	 * @param again whether also what was replayed before; false, if not given
	 * @return how it begins
	 */
	@WriteOperation
	public ReplayDescription replay(String topic, @Nullable String id, @Nullable String originTopic,
			@Nullable String subscription, @Nullable String error, @Nullable String since, @Nullable String until,
			@Nullable String key, @Nullable Boolean all, @Nullable Boolean again) {
		return EndpointRequest.carryOut(() -> {
			DeadLetterFilter filter = filter(originTopic, subscription, error, since, until, key);
			boolean repeat = Boolean.TRUE.equals(again);
			boolean everything = filter.equals(DeadLetterFilter.all());
			if (id != null && !everything) {
				throw new IllegalArgumentException("Either 'id' or a filter must be given, and not both");
			}
			if (id == null && everything != Boolean.TRUE.equals(all)) {
				throw new IllegalArgumentException("Either 'id', a filter ('originTopic', 'subscription', 'error', "
						+ "'since', 'until', 'key') or 'all' with the value true must be given");
			}
			return ReplayDescription.of((id != null) ? this.broker.replay(topic, MessageId.parse(id), repeat)
					: this.broker.replay(topic, filter, repeat));
		});
	}

	/**
	 * Stops a replay for good.
	 * @param topic the dead-letter topic, whose name may contain slashes
	 */
	@DeleteOperation
	public void stop(@Selector(match = Match.ALL_REMAINING) String... topic) {
		EndpointRequest.carryOut(() -> {
			this.broker.stopReplay(String.join("/", topic));
			return topic;
		});
	}

	private static DeadLetterFilter filter(@Nullable String originTopic, @Nullable String subscription,
			@Nullable String error, @Nullable String since, @Nullable String until, @Nullable String key) {
		return new DeadLetterFilter(originTopic, subscription, error, optional(since, (text) -> instant("since", text)),
				optional(until, (text) -> instant("until", text)), key);
	}

	private static Instant instant(String name, String text) {
		try {
			return Instant.parse(text);
		}
		catch (DateTimeParseException ex) {
			throw new IllegalArgumentException(
					"'" + name + "' must be a time such as 2026-11-27T18:30:00Z, and not '" + text + "'", ex);
		}
	}

	private static <T> @Nullable T optional(@Nullable String text, Function<String, T> read) {
		return (text != null) ? read.apply(text) : null;
	}

	private static @Nullable String text(@Nullable Object value) {
		return (value != null) ? value.toString() : null;
	}

	/**
	 * The last replay of each topic.
	 *
	 * @param replays ordered by topic
	 */
	public record Replays(List<ReplayDescription> replays) {
	}

	/**
	 * A page of dead letters.
	 *
	 * @param deadLetters in the order in which they are stored
	 * @param next what to ask for as {@code from} to get the next page, or {@code null}
	 * if this is the last
	 * @param replay how far the topic's last replay is, or {@code null}
	 */
	public record DeadLetters(List<Description> deadLetters, @Nullable String next,
			@Nullable ReplayDescription replay) {
	}

	/**
	 * A dead letter; what begins with origin is {@code null} if it does not say where it
	 * comes from.
	 *
	 * @param id its id in the dead-letter topic
	 * @param originTopic where it was published first
	 * @param originSubscription where it died first
	 * @param originId its id in that topic
	 * @param subscription where it died last
	 * @param redeliveries how often it had been delivered again
	 * @param error what was wrong with it last
	 * @param replays how often it had been replayed before it died
	 * @param replayed whether it was replayed from here
	 * @param key its key, or {@code null}
	 * @param storedAt when it became a dead letter
	 * @param size its size, in bytes
	 */
	public record Description(String id, @Nullable String originTopic, @Nullable String originSubscription,
			@Nullable String originId, @Nullable String subscription, @Nullable Integer redeliveries,
			@Nullable String error, int replays, boolean replayed, @Nullable String key, Instant storedAt, int size) {

		static Description of(DeadLetter letter) {
			DeadLetterOrigin origin = letter.origin();
			return new Description(letter.id().toString(), (origin != null) ? origin.topic() : null,
					(origin != null) ? origin.subscription() : null,
					(origin != null) ? origin.messageId().toString() : null, letter.subscription(),
					(origin != null) ? origin.redeliveryCount() : null, (origin != null) ? origin.error() : null,
					letter.replays(), letter.replayed(), letter.key(), letter.storedAt(), letter.size());
		}

	}

	/**
	 * How far a replay is.
	 *
	 * @param topic the dead-letter topic
	 * @param id the one message that is meant, or {@code null}
	 * @param filter which are meant
	 * @param again whether also what was replayed before
	 * @param state running, done or stopped
	 * @param startedAt when it was asked for
	 * @param replayed how many were published
	 * @param failed how many cannot be, and are dead letters as before
	 * @param failures what is wrong with the first of those
	 * @param waitingFor why it cannot go on now, or {@code null}
	 */
	public record ReplayDescription(String topic, @Nullable String id, DeadLetterFilter filter, boolean again,
			String state, Instant startedAt, long replayed, long failed, List<String> failures,
			@Nullable String waitingFor) {

		static ReplayDescription of(Replay replay) {
			return new ReplayDescription(replay.topic(), text(replay.message()), replay.filter(), replay.again(),
					replay.state().name().toLowerCase(Locale.ROOT), replay.startedAt(), replay.replayed(),
					replay.failed(), replay.failures(), replay.waitingFor());
		}

	}

}
