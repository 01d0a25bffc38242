package io.weir.sample.flight;

import java.time.LocalDateTime;

import com.fasterxml.jackson.annotation.JsonFormat;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/**
 * A flight that has arrived.
 *
 * @param date when it took off, local time
 * @param delay how many minutes late it arrived; negative if early
 * @param distance in miles
 * @param origin the airport's IATA code
 * @param destination the airport's IATA code
 */
public record Flight(@NotNull @JsonFormat(pattern = Flight.DATE_FORMAT) LocalDateTime date,
		@NotNull @Min(-1440) @Max(14400) Integer delay, @NotNull @Min(1) @Max(12500) Integer distance,
		@NotNull @Pattern(regexp = Flight.IATA, message = Flight.IATA_MESSAGE) String origin,
		@NotNull @Pattern(regexp = Flight.IATA, message = Flight.IATA_MESSAGE) String destination) {

	/** How dates are written. */
	public static final String DATE_FORMAT = "yyyy/MM/dd HH:mm";

	/** A flight as JSON. */
	public static final String EXAMPLE = """
			{"date":"2001/03/31 17:05","delay":-4,"distance":337,"origin":"SFO","destination":"LAX"}""";

	private static final String IATA = "[A-Z]{3}";

	private static final String IATA_MESSAGE = "must be an IATA code of three capital letters, such as SFO";

	private static final int ON_TIME_MINUTES = 15;

	/**
	 * Whether the flight counts as punctual: no more than 15 minutes late.
	 * @return whether it does
	 */
	public boolean onTime() {
		return this.delay <= ON_TIME_MINUTES;
	}

}
