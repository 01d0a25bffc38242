package io.weir.broker.policy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Policies as they are stored: a line {@code name=value} of UTF-8 for each that is set.
 * Nothing at all inherits everything.
 */
public final class PolicyText {

	private PolicyText() {
	}

	/**
	 * Writes policies of a topic.
	 * @param policies the policies
	 * @return their text
	 */
	public static byte[] of(TopicPolicies policies) {
		Lines lines = new Lines();
		lines.put("retention-time", policies.retentionTime());
		lines.put("retention-size", policies.retentionSize());
		lines.put("message-ttl", policies.messageTtl());
		lines.put("backlog-quota", policies.backlogQuota());
		lines.put("backlog-quota-policy", policies.backlogQuotaPolicy());
		lines.put("compaction", policies.compaction());
		lines.put("expire-after", policies.expireAfter());
		return lines.toBytes();
	}

	/**
	 * Writes policies of a subscription.
	 * @param policies the policies
	 * @return their text
	 */
	public static byte[] of(SubscriptionPolicies policies) {
		Lines lines = new Lines();
		lines.put("redelivery-initial", policies.redeliveryInitial());
		lines.put("redelivery-multiplier", policies.redeliveryMultiplier());
		lines.put("redelivery-max", policies.redeliveryMax());
		lines.put("redelivery-jitter", policies.redeliveryJitter());
		lines.put("ack-timeout", policies.ackTimeout());
		lines.put("max-redeliveries", policies.maxRedeliveries());
		lines.put("dead-letter-topic", policies.deadLetterTopic());
		lines.put("dead-letter-expired", policies.deadLetterExpired());
		lines.put("message-ttl", policies.messageTtl());
		return lines.toBytes();
	}

	/**
	 * Reads policies of a topic.
	 * @param text their text
	 * @return the policies
	 * @throws IllegalArgumentException if the text has something that is not known here
	 */
	public static TopicPolicies topic(byte[] text) {
		TopicPolicies.Builder policies = TopicPolicies.builder();
		lines(text).forEach((name, value) -> {
			switch (name) {
				case "retention-time" -> policies.retentionTime(Duration.parse(value));
				case "retention-size" -> policies.retentionSize(Long.valueOf(value));
				case "message-ttl" -> policies.messageTtl(Duration.parse(value));
				case "backlog-quota" -> policies.backlogQuota(Long.valueOf(value));
				case "backlog-quota-policy" ->
					policies.backlogQuotaPolicy(BacklogQuotaPolicy.valueOf(value.toUpperCase(Locale.ROOT)));
				case "compaction" -> policies.compaction(Boolean.valueOf(value));
				case "expire-after" -> policies.expireAfter(Duration.parse(value));
				default -> throw unknown(name);
			}
		});
		return policies.build();
	}

	/**
	 * Reads policies of a subscription.
	 * @param text their text
	 * @return the policies
	 * @throws IllegalArgumentException if the text has something that is not known here
	 */
	public static SubscriptionPolicies subscription(byte[] text) {
		SubscriptionPolicies.Builder policies = SubscriptionPolicies.builder();
		lines(text).forEach((name, value) -> {
			switch (name) {
				case "redelivery-initial" -> policies.redeliveryInitial(Duration.parse(value));
				case "redelivery-multiplier" -> policies.redeliveryMultiplier(Double.valueOf(value));
				case "redelivery-max" -> policies.redeliveryMax(Duration.parse(value));
				case "redelivery-jitter" -> policies.redeliveryJitter(Double.valueOf(value));
				case "ack-timeout" -> policies.ackTimeout(Duration.parse(value));
				case "max-redeliveries" -> policies.maxRedeliveries(Integer.valueOf(value));
				case "dead-letter-topic" -> policies.deadLetterTopic(value);
				case "dead-letter-expired" -> policies.deadLetterExpired(Boolean.valueOf(value));
				case "message-ttl" -> policies.messageTtl(Duration.parse(value));
				default -> throw unknown(name);
			}
		});
		return policies.build();
	}

	private static IllegalArgumentException unknown(String name) {
		return new IllegalArgumentException("There is no policy '" + name + "' in this version");
	}

	private static Map<String, String> lines(byte[] text) {
		Map<String, String> lines = new TreeMap<>();
		new String(text, StandardCharsets.UTF_8).lines().forEach((line) -> {
			int end = line.indexOf('=');
			if (end < 0) {
				throw new IllegalArgumentException("'" + line + "' is not a policy with its value");
			}
			lines.put(line.substring(0, end), line.substring(end + 1));
		});
		return lines;
	}

	private static final class Lines {

		private final StringBuilder text = new StringBuilder();

		void put(String name, @Nullable Object value) {
			if (value != null) {
				this.text.append(name).append('=').append(value).append('\n');
			}
		}

		byte[] toBytes() {
			return this.text.toString().getBytes(StandardCharsets.UTF_8);
		}

	}

}
