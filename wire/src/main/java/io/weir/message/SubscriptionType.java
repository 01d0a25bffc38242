package io.weir.message;

/** How the messages of a subscription are shared out among its consumers. */
public enum SubscriptionType {

	/** One consumer; a second one is refused. Messages arrive in the order stored. */
	EXCLUSIVE,
	/** One active consumer, others stand by. */
	FAILOVER,
	/** Each message goes to one of several consumers, in no particular order. */
	SHARED,
	/** Each message goes to one of several consumers, equal keys to the same one. */
	KEY_SHARED

}
