package io.weir.orders;

/**
 * An order as it is in the database.
 *
 * @param amount in cents
 */
public record Order(String id, String customer, int amount, Status status) {

	/** What has become of it. */
	public enum Status {

		PLACED, PAID, REFUSED, CANCELLED

	}

}
