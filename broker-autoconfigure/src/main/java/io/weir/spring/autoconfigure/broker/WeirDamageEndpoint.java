package io.weir.spring.autoconfigure.broker;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

import io.weir.broker.Broker;
import io.weir.broker.store.Damage;
import io.weir.wire.Position;

/**
 * Shows what was found to be damaged, and has damaged entries skipped.
 */
@Endpoint(id = "weirdamage")
public final class WeirDamageEndpoint {

	private final Broker broker;

	WeirDamageEndpoint(Broker broker) {
		this.broker = broker;
	}

	/**
	 * What was found to be damaged and is still there.
	 * @return in the order in which it was found
	 */
	@ReadOperation
	public Damages damages() {
		return new Damages(this.broker.damages().stream().map(DamageDescription::of).toList());
	}

	/**
	 * Skips those of a run of entries that are damaged, for good.
	 * @param topic the topic, or one of its partitions
	 * @param skip the position of the first entry, such as 0:17
	 * @param upTo that of the last one; only one entry is meant if it is not given
	 * @return the positions of those that were damaged
	 */
	@WriteOperation
	public Skipped skip(String topic, String skip, @Nullable String upTo) {
		return EndpointRequest.carryOut(() -> {
			Position from = position("skip", skip);
			Position to = (upTo != null) ? position("upTo", upTo) : from;
			return new Skipped(topic,
					this.broker.skipDamaged(topic, from, to).stream().map(Position::toString).toList());
		});
	}

	private static Position position(String name, String text) {
		String[] numbers = text.split(":", -1);
		try {
			if (numbers.length == 2) {
				return new Position(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
			}
		}
		catch (IllegalArgumentException ex) {
			// Said below.
		}
		throw new IllegalArgumentException(
				"'" + name + "' must be the position of an entry, such as 0:17, and not '" + text + "'");
	}

	/**
	 * What was found to be damaged.
	 *
	 * @param damages the damages
	 */
	public record Damages(List<DamageDescription> damages) {
	}

	/**
	 * Something that is damaged.
	 *
	 * @param topic the topic
	 * @param position the entry that is damaged, or {@code null} if it is something else
	 * @param reason what is wrong
	 */
	public record DamageDescription(String topic, @Nullable String position, String reason) {

		static DamageDescription of(Damage damage) {
			Position position = damage.position();
			return new DamageDescription(damage.topic().name(), (position != null) ? position.toString() : null,
					damage.reason());
		}

	}

	/**
	 * What was skipped.
	 *
	 * @param topic the topic
	 * @param skipped the positions, in order; none if all can be read
	 */
	public record Skipped(String topic, List<String> skipped) {
	}

}
