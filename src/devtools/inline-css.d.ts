// Owns: the type of a stylesheet that the build puts into a module as text.
declare module '*.css?inline' {
  const css: string;
  export default css;
}
