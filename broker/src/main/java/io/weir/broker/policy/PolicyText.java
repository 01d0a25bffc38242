package io.weir.broker.policy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

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
		return text(values(policies));
	}

	/** All policies of a topic by name, with {@code null} for those that are not set. */
	static Map<String, @Nullable String> values(TopicPolicies policies) {
		Values values = new Values();
		values.put("retention-time", policies.retentionTime());
		values.put("retention-size", policies.retentionSize());
		values.put("message-ttl", policies.messageTtl());
		values.put("backlog-quota", policies.backlogQuota());
		values.put("backlog-quota-policy", policies.backlogQuotaPolicy());
		values.put("compaction", policies.compaction());
		values.put("expire-after", policies.expireAfter());
		return values.all;
	}

	/**
	 * Writes policies of a subscription.
	 * @param policies the policies
	 * @return their text
	 */
	public static byte[] of(SubscriptionPolicies policies) {
		return text(values(policies));
	}

	/**
	 * All policies of a subscription by name, with {@code null} for those that are not
	 * set.
	 */
	static Map<String, @Nullable String> values(SubscriptionPolicies policies) {
		Values values = new Values();
		values.put("redelivery-initial", policies.redeliveryInitial());
		values.put("redelivery-multiplier", policies.redeliveryMultiplier());
		values.put("redelivery-max", policies.redeliveryMax());
		values.put("redelivery-jitter", policies.redeliveryJitter());
		values.put("ack-timeout", policies.ackTimeout());
		values.put("max-redeliveries", policies.maxRedeliveries());
		values.put("dead-letter-topic", policies.deadLetterTopic());
		values.put("dead-letter-expired", policies.deadLetterExpired());
		values.put("message-ttl", policies.messageTtl());
		return values.all;
	}

	/**
	 * Reads policies of a topic. Those that an earlier version has stored and this one
	 * would refuse are read as what comes closest.
	 * @param text their text
	 * @param changed is told what counts instead of what is stored, for people
	 * @return the policies
	 * @throws IllegalArgumentException if the text has something that is not known here
	 */
	public static TopicPolicies topic(byte[] text, Consumer<String> changed) {
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
		if (policies.dropsLatest()) {
			policies.backlogQuotaPolicy(BacklogQuotaPolicy.REFUSE);
			changed.accept("backlog-quota-policy REFUSE counts instead of DROP_OLDEST, "
					+ "which would drop what compaction keeps: the latest message of a key");
		}
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

	private static byte[] text(Map<String, @Nullable String> values) {
		StringBuilder text = new StringBuilder();
		values.forEach((name, value) -> {
			if (value != null) {
				text.append(name).append('=').append(value).append('\n');
			}
		});
		return text.toString().getBytes(StandardCharsets.UTF_8);
	}

	private static final class Values {

		private final Map<String, @Nullable String> all = new LinkedHashMap<>();

		void put(String name, @Nullable Object value) {
			this.all.put(name, (value != null) ? value.toString() : null);
		}

	}

}
