package io.weir.broker.engine;

/**
 * Where an answer goes.
 *
 * @param session the session
 * @param stream the stream in the session
 * @param request the request on the stream, or 0 for what answers none
 * @param credit what the request holds of the session's credit until it is answered
 */
public record ReplyTo(long session, long stream, long request, int credit) {

	/**
	 * The same stream, for what answers no request.
	 * @return the address
	 */
	public ReplyTo push() {
		return new ReplyTo(this.session, this.stream, 0, 0);
	}

}
