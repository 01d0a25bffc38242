package io.weir.client.internal.link;

import org.jspecify.annotations.Nullable;

import io.weir.wire.Frame;
import io.weir.wire.ProtocolException;

/**
 * What a {@link BrokerLink} introduces to the broker: a producer or a consumer. All
 * methods are called on the link's executor, one at a time.
 */
public interface Role {

	/**
	 * What introduces it.
	 * @param id its number in the session
	 * @return the request
	 */
	Frame introduction(long id);

	/**
	 * What takes it back.
	 * @param id its number in the session
	 * @return the request
	 */
	Frame farewell(long id);

	/**
	 * What lets go of it at the broker, when it is introduced anew and the stream on
	 * which it was introduced goes on without it.
	 * @param id its number in the session
	 * @return the request, or {@code null} if the next introduction does that, and nobody
	 * else is to have its name meanwhile
	 */
	default @Nullable Frame replaced(long id) {
		return null;
	}

	/**
	 * The broker knows it now.
	 * @param attachment how to reach the broker
	 * @param answer the broker's answer, to be released
	 */
	void attached(Attachment attachment, Frame answer);

	/**
	 * What {@link #attached} gave is void: the streams are gone, answers will not come.
	 * @param cause why
	 */
	void detached(ProtocolException cause);

	/**
	 * The broker refused, or removed the role.
	 * @param cause why
	 * @return whether to try again after a while; if not, the link is closed
	 */
	boolean retryAfter(ProtocolException cause);

	/**
	 * A frame came that answers nothing.
	 * @param frame the frame, to be released
	 * @return why the broker removed the role, if that is what the frame says
	 */
	@Nullable ProtocolException pushed(Frame frame);

}
