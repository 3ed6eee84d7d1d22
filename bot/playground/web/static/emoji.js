// The few emoji that people of an incident channel write by name.

const KNOWN = {
  wave: "👋", eyes: "👀", white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️",
  rotating_light: "🚨", fire: "🔥", tada: "🎉", "+1": "👍", thumbsup: "👍", pray: "🙏", rocket: "🚀",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", bell: "🔔", calendar: "📅", wrench: "🔧", memo: "📝",
  large_green_circle: "🟢", large_yellow_circle: "🟡", large_orange_circle: "🟠", red_circle: "🔴",
  mag: "🔎", dart: "🎯", slightly_smiling_face: "🙂", smile: "😄", coffee: "☕", foggy: "🌁",
};

export const emoji = (text) =>
  text.replace(/:([a-z0-9_+-]+):/g, (all, name) => (Object.hasOwn(KNOWN, name) ? KNOWN[name] : all));
