// The service that the tools of this example ask. Its station in Oslo answers only every fourth request: a call fails in spite of its two
// retries, and the Retry button cures it.
let timesAsked = 0;

export async function getWeather(request: Request): Promise<Response> {
  const city = new URL(request.url).searchParams.get('city');
  await new Promise((resolve) => setTimeout(resolve, 500));
  if (city === 'Oslo' && ++timesAsked % 4 !== 0) {
    return Response.json({ error: 'The station in Oslo does not answer' }, { status: 503 });
  }
  return Response.json({ city, celsius: city === 'Oslo' ? 4 : 19 });
}
